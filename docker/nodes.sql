-- Names the machines of the cluster to the coordinator, whenever the stack starts; those that are known stay.

select citus_set_coordinator_host('postgres', 5432);
select citus_add_node('worker-1', 5432);
select citus_add_node('worker-2', 5432);
