-- AlterTable
ALTER TABLE "Message" ADD COLUMN "systemDigest" TEXT;
ALTER TABLE "Message" ADD COLUMN "oldestDigest" TEXT;

-- CreateTable
CREATE TABLE "Usage" (
    "userId" TEXT NOT NULL,
    "quarter" INTEGER NOT NULL,
    "conversationId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL DEFAULT '',
    "model" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "requests" INTEGER NOT NULL,
    "untold" INTEGER NOT NULL,
    "promptTokens" INTEGER NOT NULL,
    "cachedTokens" INTEGER,
    "completionTokens" INTEGER NOT NULL,
    "reasoningTokens" INTEGER,

    -- Without a row's id the table is in the order of this key: a person's month is one stretch of it.
    PRIMARY KEY ("userId", "quarter", "conversationId", "providerId", "model", "purpose"),
    CONSTRAINT "Usage_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "Price" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "providerId" TEXT,
    "model" TEXT NOT NULL,
    "validFrom" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "cachedRate" INTEGER NOT NULL,
    "promptRate" INTEGER NOT NULL,
    "completionRate" INTEGER NOT NULL,
    "peakCachedRate" INTEGER,
    "peakPromptRate" INTEGER,
    "peakCompletionRate" INTEGER,
    "peakWeek" TEXT NOT NULL DEFAULT '',
    "quietDays" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT ''
);

-- CreateTable
CREATE TABLE "PriceList" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL
);

-- CreateIndex
CREATE INDEX "Price_model_validFrom_idx" ON "Price"("model", "validFrom");

INSERT INTO "PriceList" ("id", "version") VALUES (1, 1);

-- DeepSeek's prices in USD, and its peak hours: Monday to Friday, 01:00 to 04:00 and 06:00 to 10:00 UTC, but on no public
-- holiday in China. Those of 2027 that the law names are here; the others are announced each year.
WITH RECURSIVE "Quarters" ("quarter") AS (
    SELECT 0 UNION ALL SELECT "quarter" + 1 FROM "Quarters" WHERE "quarter" < 7 * 96 - 1
), "Week" ("peak") AS (
    SELECT group_concat(
        "quarter" / 96 < 5 AND ("quarter" % 96 / 4 BETWEEN 1 AND 3 OR "quarter" % 96 / 4 BETWEEN 6 AND 9), ''
        ORDER BY "quarter")
    FROM "Quarters"
), "Rates" ("model", "cached", "prompt", "completion") AS (
    VALUES ('deepseek-flash', 3000, 150000, 600000),
        ('deepseek-v4-flash', 3000, 150000, 600000),
        ('deepseek-v4-flash-vision-exp', 3000, 150000, 600000),
        ('deepseek-v4-pro', 22000, 660000, 1980000)
)
INSERT INTO "Price" (
    "model", "validFrom", "currency", "cachedRate", "promptRate", "completionRate",
    "peakCachedRate", "peakPromptRate", "peakCompletionRate", "peakWeek", "quietDays", "note")
SELECT "model", unixepoch('2026-11-15') / 900, 'USD', "cached", "prompt", "completion",
    2 * "cached", 2 * "prompt", 2 * "completion", "peak",
    '2027-01-01 2027-02-05 2027-02-08 2027-04-05 2027-06-09 2027-09-15 2027-10-01',
    'Copied from DeepSeek''s page of prices on 15 November 2026'
FROM "Rates", "Week";

-- What was asked before there was this table, but for copies in forks, which cost nothing.
INSERT INTO "Usage" (
    "userId", "quarter", "conversationId", "model", "purpose", "requests", "untold",
    "promptTokens", "cachedTokens", "completionTokens", "reasoningTokens")
SELECT "userId", coalesce(unixepoch("Message"."createdAt"), 0) / 900, "conversationId", coalesce("Message"."model", ''), 'answer',
    count(*), sum("promptTokens" IS NULL), coalesce(sum("promptTokens"), 0), sum("cachedTokens"),
    coalesce(sum("completionTokens"), 0), sum("reasoningTokens")
FROM "Message" JOIN "Conversation" ON "Conversation"."id" = "conversationId"
WHERE "role" = 'answer' AND "copiedFromId" IS NULL
    AND ("state" IN ('complete', 'stopped', 'interrupted') OR "state" = 'failed' AND "promptTokens" IS NOT NULL)
GROUP BY 1, 2, 3, 4;

INSERT INTO "Usage" (
    "userId", "quarter", "conversationId", "model", "purpose", "requests", "untold",
    "promptTokens", "cachedTokens", "completionTokens", "reasoningTokens")
SELECT "userId", coalesce(unixepoch("createdAt"), 0) / 900, "id", "titleModel", 'title', 1, "titlePromptTokens" IS NULL,
    coalesce("titlePromptTokens", 0), "titleCachedTokens", coalesce("titleCompletionTokens", 0), "titleReasoningTokens"
FROM "Conversation" WHERE "titleModel" IS NOT NULL;

-- CreateIndex
CREATE INDEX "Usage_conversationId_idx" ON "Usage"("conversationId");
