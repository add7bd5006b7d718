export const nothing = 'to call'
