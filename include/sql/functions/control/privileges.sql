-- The functions of control are for runs alone: people who read the warehouse could hold runs up with its locks.

revoke execute on all routines in schema control from public;
