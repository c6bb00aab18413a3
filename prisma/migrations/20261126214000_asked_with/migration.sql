-- AlterTable
ALTER TABLE "Message" ADD COLUMN "askedThinking" TEXT;
ALTER TABLE "Message" ADD COLUMN "askedTemperature" REAL;
ALTER TABLE "Message" ADD COLUMN "askedTopP" REAL;
ALTER TABLE "Message" ADD COLUMN "askedMaxTokens" INTEGER;
ALTER TABLE "Message" ADD COLUMN "presetName" TEXT;
