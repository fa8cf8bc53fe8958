/** Whether a status, or a code of gRPC, is one of an ALB matcher's: `200`, `200,301`, `200-299`. */
export function matchesStatus(codes: string, status: number): boolean {
  return codes.split(",").some((part) => {
    const [from = "", to = from] = part.trim().split("-");
    return /^\d{1,3}$/.test(from.trim()) && status >= Number(from) && status <= Number(to);
  });
}
