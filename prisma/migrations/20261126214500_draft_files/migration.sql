-- AlterTable
ALTER TABLE "File" ADD COLUMN "draftId" TEXT;

-- CreateIndex
CREATE INDEX "File_draftId_idx" ON "File"("draftId");
