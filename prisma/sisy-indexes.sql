-- Claims, promotion and rescue go along it. Most of history has succeeded, and costs it nothing.
CREATE INDEX "sisy_task_run_claim" ON "sisy_task_run"("state", "queue", "priority" DESC, "dueAt") WHERE "state" <> 'succeeded';
CREATE INDEX "sisy_task_run_task" ON "sisy_task_run"("taskId") WHERE "taskId" IS NOT NULL;
CREATE INDEX "sisy_task_ended" ON "sisy_task"("endedAt") WHERE "endedAt" IS NOT NULL;
