-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN "providerId" TEXT;
ALTER TABLE "Conversation" ADD COLUMN "model" TEXT;
ALTER TABLE "Conversation" ADD COLUMN "thinking" TEXT;
ALTER TABLE "Conversation" ADD COLUMN "temperature" REAL;
ALTER TABLE "Conversation" ADD COLUMN "topP" REAL;
ALTER TABLE "Conversation" ADD COLUMN "maxTokens" INTEGER;
ALTER TABLE "Conversation" ADD COLUMN "systemPrompt" TEXT;

-- AlterTable
ALTER TABLE "Message" ADD COLUMN "providerId" TEXT;
