CREATE INDEX "sisy_task_run_task" ON "sisy_task_run"("taskId") WHERE "taskId" IS NOT NULL;
CREATE INDEX "sisy_task_ended" ON "sisy_task"("endedAt") WHERE "endedAt" IS NOT NULL;
