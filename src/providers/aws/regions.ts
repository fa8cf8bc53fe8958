/** Those that every account has; all others are switched on for an account first, or are not there at all.
 *  Source: AWS Account Management Guide, "Enable or disable AWS Regions": fixed since 2019-03-20. */
const always =
  /^(us-(east|west)-[12]|ca-central-1|sa-east-1|eu-(west-[123]|central-1|north-1)|ap-(south-1|northeast-[123]|southeast-[12]))$/;

/** Whether a region is there in each account of its partition. */
export function isOnByDefault(region: string): boolean {
  return always.test(region) || /^(cn-north-1|cn-northwest-1|us-gov-(east|west)-1)$/.test(region);
}

/** Whether this can be a region's name. */
export function isRegionName(text: string): boolean {
  return /^[a-z]{2,5}(-[a-z]{2,12}){1,3}-\d{1,2}$/.test(text);
}
