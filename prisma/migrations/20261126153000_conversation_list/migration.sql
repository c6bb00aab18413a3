-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN "titledBy" TEXT NOT NULL DEFAULT 'words';
ALTER TABLE "Conversation" ADD COLUMN "titleModel" TEXT;
ALTER TABLE "Conversation" ADD COLUMN "titlePromptTokens" INTEGER;
ALTER TABLE "Conversation" ADD COLUMN "titleCachedTokens" INTEGER;
ALTER TABLE "Conversation" ADD COLUMN "titleCompletionTokens" INTEGER;
ALTER TABLE "Conversation" ADD COLUMN "titleReasoningTokens" INTEGER;
ALTER TABLE "Conversation" ADD COLUMN "unread" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Conversation" ADD COLUMN "pinnedAt" DATETIME;
ALTER TABLE "Conversation" ADD COLUMN "archivedAt" DATETIME;
ALTER TABLE "Conversation" ADD COLUMN "trashedAt" DATETIME;

-- DropIndex
DROP INDEX "Conversation_userId_updatedAt_idx";

-- CreateIndex
CREATE INDEX "Conversation_userId_trashedAt_archivedAt_pinnedAt_updatedAt_idx" ON "Conversation"("userId", "trashedAt", "archivedAt", "pinnedAt", "updatedAt");

-- CreateIndex
CREATE INDEX "Conversation_trashedAt_idx" ON "Conversation"("trashedAt");
