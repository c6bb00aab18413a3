-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN "importedAt" DATETIME;
ALTER TABLE "Conversation" ADD COLUMN "importDigest" TEXT;

-- CreateTable
CREATE TABLE "Import" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "problem" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Import_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ImportItem" (
    "importId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "problem" TEXT,
    "format" TEXT,
    "digest" TEXT,
    "createdAt" DATETIME,
    "messages" INTEGER NOT NULL DEFAULT 0,
    "leftOut" TEXT NOT NULL DEFAULT '{}',
    "offset" INTEGER NOT NULL DEFAULT 0,
    "length" INTEGER NOT NULL DEFAULT 0,
    "twinId" TEXT,
    "conversationId" TEXT,

    PRIMARY KEY ("importId", "position"),
    CONSTRAINT "ImportItem_importId_fkey" FOREIGN KEY ("importId") REFERENCES "Import" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Conversation_importDigest_idx" ON "Conversation"("importDigest");

-- CreateIndex
CREATE INDEX "Import_userId_createdAt_idx" ON "Import"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "ImportItem_importId_state_idx" ON "ImportItem"("importId", "state");

-- CreateIndex
CREATE INDEX "ImportItem_importId_digest_idx" ON "ImportItem"("importId", "digest");
