-- CreateTable
CREATE TABLE "SearchQueue" (
    "messageId" INTEGER NOT NULL PRIMARY KEY
);

-- The words of each message that is final, each with its owner's key in front (src/models/search/terms.ts). It holds
-- no text. A row's id begins with the second of the message: newer rows come later, and the rest is the message's id.
CREATE VIRTUAL TABLE "Search" USING fts5(
    "words", content='', contentless_delete=1, tokenize="ascii tokenchars '_'", prefix='7 8 9'
);
CREATE VIRTUAL TABLE "SearchTerm" USING fts5vocab("Search", "row");

CREATE TRIGGER "Message_search_insert" AFTER INSERT ON "Message" WHEN NEW."state" IS NOT 'running'
BEGIN
    INSERT OR IGNORE INTO "SearchQueue" ("messageId") VALUES (NEW."id");
END;

CREATE TRIGGER "Message_search_end" AFTER UPDATE OF "state" ON "Message" WHEN NEW."state" IS NOT 'running'
BEGIN
    INSERT OR IGNORE INTO "SearchQueue" ("messageId") VALUES (NEW."id");
END;

CREATE TRIGGER "Message_search_again" AFTER UPDATE OF "state" ON "Message" WHEN NEW."state" IS 'running'
BEGIN
    DELETE FROM "Search" WHERE "rowid" = OLD."id" | (coalesce(unixepoch(OLD."createdAt"), 0) << 31);
END;

CREATE TRIGGER "Message_search_delete" AFTER DELETE ON "Message"
BEGIN
    DELETE FROM "Search" WHERE "rowid" = OLD."id" | (coalesce(unixepoch(OLD."createdAt"), 0) << 31);
    DELETE FROM "SearchQueue" WHERE "messageId" = OLD."id";
END;

-- A title is found with the first question below it.
CREATE TRIGGER "Conversation_search_title" AFTER UPDATE OF "title" ON "Conversation" WHEN NEW."title" <> OLD."title"
BEGIN
    INSERT OR IGNORE INTO "SearchQueue" ("messageId")
    SELECT min("id") FROM "Message" WHERE "conversationId" = NEW."id" HAVING min("id") IS NOT NULL;
END;

-- What was written before: the server reads it in the background, the newest first.
INSERT INTO "SearchQueue" ("messageId") SELECT "id" FROM "Message";
