// A CommonJS module of an app that installed the packages.
import { defineConfig, sisy, type TaskContext } from '@sisy/core'

export const doors: readonly unknown[] = [defineConfig]
export const extend: typeof sisy = sisy
export const months = ({ task }: TaskContext<{ months: number }>): number => task.userdata.months
