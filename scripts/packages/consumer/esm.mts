// An ES module of an app that installed the packages.
import * as core from '@sisy/core'
import { defineConfig, sisy, type TaskContext } from '@sisy/core'
import { createHeartbeat } from '@sisy/heartbeat'
import { createWorker } from '@sisy/worker'
import { createPool } from '@sisy/worker/pool'

export const doors: readonly unknown[] = [core, createHeartbeat, createWorker, createPool, defineConfig]
export const extend: typeof sisy = sisy
export const months = ({ task }: TaskContext<{ months: number }>): number => task.userdata.months
