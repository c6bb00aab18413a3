-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN "readingId" INTEGER;

-- AlterTable
ALTER TABLE "Message" ADD COLUMN "copiedFromId" INTEGER;
