export default (value) => value * 2n
