-- CreateTable
CREATE TABLE "Subscription" (
    "id" SERIAL NOT NULL,
    "plan" TEXT NOT NULL DEFAULT 'basic',
    "renewedAt" TIMESTAMP(3),
    "months" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Note" (
    "id" SERIAL NOT NULL,
    "text" TEXT NOT NULL,
    "subscriptionId" INTEGER NOT NULL,

    CONSTRAINT "Note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IntRecord" (
    "id" INTEGER NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "IntRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BigIntRecord" (
    "id" BIGINT NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "BigIntRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StringRecord" (
    "id" TEXT NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "StringRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UuidRecord" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "UuidRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DateTimeRecord" (
    "id" TIMESTAMPTZ(3) NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "DateTimeRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DecimalRecord" (
    "id" DECIMAL(30,10) NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "DecimalRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BytesRecord" (
    "id" BYTEA NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "BytesRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "composite_record" (
    "region_code" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "composite_record_pkey" PRIMARY KEY ("region_code","number")
);

-- CreateTable
CREATE TABLE "NamedCompositeRecord" (
    "tenant" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "touched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "NamedCompositeRecord_pkey" PRIMARY KEY ("tenant","day")
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
CREATE UNIQUE INDEX "sisy_task_key_key" ON "sisy_task"("key");

-- CreateIndex
CREATE INDEX "sisy_task_enabled_nextRun_idx" ON "sisy_task"("enabled", "nextRun");

-- CreateIndex
CREATE UNIQUE INDEX "sisy_task_run_activeKey_key" ON "sisy_task_run"("activeKey");

-- CreateIndex
CREATE INDEX "sisy_task_run_finishedAt_idx" ON "sisy_task_run" USING BRIN ("finishedAt");

-- AddForeignKey
ALTER TABLE "Note" ADD CONSTRAINT "Note_subscriptionId_fkey" FOREIGN KEY ("subscriptionId") REFERENCES "Subscription"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sisy_task_run" ADD CONSTRAINT "sisy_task_run_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "sisy_task"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Claims, promotion and rescue go along it. Most of history has succeeded, and costs it nothing.
CREATE INDEX "sisy_task_run_claim" ON "sisy_task_run"("state", "queue", "priority" DESC, "dueAt") WHERE "state" <> 'succeeded';
CREATE INDEX "sisy_task_run_task" ON "sisy_task_run"("taskId") WHERE "taskId" IS NOT NULL;
CREATE INDEX "sisy_task_ended" ON "sisy_task"("endedAt") WHERE "endedAt" IS NOT NULL;
