-- CreateTable
CREATE TABLE "Site" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "schedule" TEXT NOT NULL,
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "timeoutMs" INTEGER NOT NULL DEFAULT 5000,
    "alertUrl" TEXT,
    "state" TEXT NOT NULL DEFAULT 'unknown',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "announcedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Site_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Check" (
    "id" SERIAL NOT NULL,
    "siteId" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" INTEGER,
    "latencyMs" INTEGER NOT NULL,
    "error" TEXT,

    CONSTRAINT "Check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Report" (
    "day" DATE NOT NULL,
    "checks" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "averageLatencyMs" INTEGER NOT NULL,

    CONSTRAINT "Report_pkey" PRIMARY KEY ("day")
);

-- CreateTable
CREATE TABLE "sisy_task" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "key" TEXT,
    "label" TEXT NOT NULL,
    "callable" TEXT NOT NULL,
    "modelName" TEXT,
    "modelKey" JSONB,
    "userdata" JSONB NOT NULL DEFAULT '{}',
    "schedule" TEXT NOT NULL DEFAULT '* * * * *',
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "startRunning" TIMESTAMPTZ(3),
    "endRunning" TIMESTAMPTZ(3),
    "waitForSchedule" BOOLEAN NOT NULL DEFAULT true,
    "iterations" INTEGER NOT NULL DEFAULT 0,
    "allowOverlap" BOOLEAN NOT NULL DEFAULT true,
    "misfire" TEXT NOT NULL DEFAULT 'once',
    "misfireWindow" INTEGER,
    "misfireLimit" INTEGER NOT NULL DEFAULT 100,
    "jitterSeconds" INTEGER NOT NULL DEFAULT 0,
    "queue" TEXT NOT NULL DEFAULT 'default',
    "priority" INTEGER NOT NULL DEFAULT 0,
    "maxAttempts" INTEGER NOT NULL DEFAULT 5,
    "backoff" JSONB,
    "timeoutSeconds" INTEGER,
    "onMissingRecord" TEXT NOT NULL DEFAULT 'fail',
    "lastRun" TIMESTAMPTZ(3),
    "nextRun" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "problem" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modifiedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sisy_task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sisy_task_run" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "taskId" UUID,
    "label" TEXT NOT NULL,
    "callable" TEXT NOT NULL,
    "modelName" TEXT,
    "modelKey" JSONB,
    "userdata" JSONB NOT NULL DEFAULT '{}',
    "queue" TEXT NOT NULL DEFAULT 'default',
    "priority" INTEGER NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'due',
    "dueAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "maxAttempts" INTEGER NOT NULL DEFAULT 5,
    "backoff" JSONB,
    "timeoutSeconds" INTEGER,
    "onMissingRecord" TEXT NOT NULL DEFAULT 'fail',
    "uniqueKey" TEXT,
    "activeKey" TEXT,
    "workerId" UUID,
    "leaseToken" UUID,
    "leaseUntil" TIMESTAMPTZ(3),
    "cancelRequestedAt" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),
    "result" JSONB,
    "peakMemory" BIGINT,
    "cpuMs" INTEGER,
    "attempts" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sisy_task_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sisy_task_worker" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stoppedAt" TIMESTAMPTZ(3),
    "concurrency" INTEGER NOT NULL DEFAULT 1,
    "metrics" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "sisy_task_worker_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Site_name_key" ON "Site"("name");

-- CreateIndex
CREATE INDEX "Check_siteId_at_idx" ON "Check"("siteId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "sisy_task_key_key" ON "sisy_task"("key");

-- CreateIndex
CREATE INDEX "sisy_task_enabled_nextRun_idx" ON "sisy_task"("enabled", "nextRun");

-- CreateIndex
CREATE UNIQUE INDEX "sisy_task_run_activeKey_key" ON "sisy_task_run"("activeKey");

-- CreateIndex
CREATE INDEX "sisy_task_run_finishedAt_idx" ON "sisy_task_run" USING BRIN ("finishedAt");

-- AddForeignKey
ALTER TABLE "Check" ADD CONSTRAINT "Check_siteId_fkey" FOREIGN KEY ("siteId") REFERENCES "Site"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sisy_task_run" ADD CONSTRAINT "sisy_task_run_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "sisy_task"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Claims, promotion and rescue go along it. Most of history has succeeded, and costs it nothing.
CREATE INDEX "sisy_task_run_claim" ON "sisy_task_run"("state", "queue", "priority" DESC, "dueAt") WHERE "state" <> 'succeeded';
CREATE INDEX "sisy_task_run_task" ON "sisy_task_run"("taskId") WHERE "taskId" IS NOT NULL;
CREATE INDEX "sisy_task_ended" ON "sisy_task"("endedAt") WHERE "endedAt" IS NOT NULL;
