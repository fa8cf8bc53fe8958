import { deleteWorkloadCommand } from "../../delete-workload-command.ts";

export const jobDelete = deleteWorkloadCommand("job");
