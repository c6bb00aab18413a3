-- AlterTable
ALTER TABLE "ImportItem" ADD COLUMN "library" TEXT;
