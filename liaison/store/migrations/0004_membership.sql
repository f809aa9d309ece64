-- Who belongs to the home, as managers signed it. (A few trial homes of number 3 have it already.)

CREATE TABLE IF NOT EXISTS "membership" (
    "id" INTEGER PRIMARY KEY,
    "at" TEXT,
    "kind" TEXT,
    "entry" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;
