import { BlockList, isIP } from "node:net";

/** The addresses of a rule's CIDR blocks. */
export class SourceAddresses {
  /** Apart, because a list takes an IPv4 address for an IPv6 one, too. */
  private readonly four = new BlockList();
  private readonly six = new BlockList();

  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const [network = "", prefix = ""] = cidr.split("/");
      const family = isIP(network);
      const bits = /^\d+$/.test(prefix) ? Number(prefix) : Infinity;
      if (family === 4 && bits <= 32) this.four.addSubnet(network, bits, "ipv4");
      if (family === 6 && bits <= 128) this.six.addSubnet(network, bits, "ipv6");
    }
  }

  /** A client on loopback has both of its addresses: which one is taken, no user decides. */
  has(address: string): boolean {
    if (address === "127.0.0.1" || address === "::1") return this.contains("127.0.0.1") || this.contains("::1");
    return this.contains(address);
  }

  private contains(address: string): boolean {
    return isIP(address) === 6 ? this.six.check(address, "ipv6") : this.four.check(address, "ipv4");
  }
}
