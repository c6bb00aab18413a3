// What of a conversation can be shared: the branch that is read, from its end upwards.
import { read, statement } from "../../stores/statements.js";
import { endOf, PATH } from "../messages/path.js";

const MOST = 300;
const BEGINNING_CHARACTERS = 400;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export interface Selectable {
  id: number;
  role: string;
  /** The first characters of its text. */
  beginning: string;
  hasReasoning: boolean;
  hasFiles: boolean;
}

interface Row extends Omit<Selectable, "hasReasoning" | "hasFiles"> {
  hasReasoning: number;
  hasFiles: number;
  isSelectable: number;
}

// What is being written cannot be chosen, and neither can an answer that has come to nothing.
const SELECTABLE = statement<{ conversationId: string; id: number; before: number }, Row>(`
  ${PATH}
  SELECT Message.id, role, substr(body, 1, ${BEGINNING_CHARACTERS}) AS beginning,
    octet_length(reasoning) > 0 AS hasReasoning,
    EXISTS (SELECT 1 FROM Attachment WHERE messageId = Message.id) AS hasFiles,
    octet_length(body) > 0 AND state IS NOT 'running' AS isSelectable
  FROM (SELECT id FROM path WHERE id < @before LIMIT ${MOST + 1})
  CROSS JOIN Message USING (id) ORDER BY Message.id`);

/** The messages of a conversation that can be chosen, on the path through one of them or the one read last. */
export async function selectable(
  userId: string,
  conversationId: string,
  { through, before }: { through: number | null; before: number | null },
) {
  return read(() => {
    const { id, title } = endOf(userId, conversationId, through);
    const rows = SELECTABLE.all({ conversationId, id, before: before ?? NO_LIMIT });
    const shown = rows.slice(-MOST);
    return {
      title,
      messages: shown.filter(({ isSelectable }) => isSelectable === 1).map(selectableOf),
      earlierThan: rows.length > MOST ? (shown[0]?.id ?? null) : null,
    };
  });
}

function selectableOf({ id, role, beginning, hasReasoning, hasFiles }: Row): Selectable {
  return { id, role, beginning, hasReasoning: hasReasoning === 1, hasFiles: hasFiles === 1 };
}
