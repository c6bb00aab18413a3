-- AlterTable
ALTER TABLE "Share" ADD COLUMN "showsFiles" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "SharedMessage" ADD COLUMN "files" TEXT NOT NULL DEFAULT '[]';
