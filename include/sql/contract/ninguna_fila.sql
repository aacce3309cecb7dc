-- A table like another one, without rows.

create unlogged table %(tipadas)s (
    like %(como)s
);
