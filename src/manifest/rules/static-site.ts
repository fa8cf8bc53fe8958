import { type ReadStaticSite, rule } from "./rule.ts";

/** A certificate is for a name. */
export const siteCertificate = rule<ReadStaticSite>("http/certificate", ["http"], ({ http }, report) => {
  if (http?.certificate !== undefined && http.alias === undefined)
    report("http.certificate", "`certificate` needs `alias`, the name that it is for", {
      hint: "add `alias: www.example.com`",
    });
});

/** What is taken back has to be left out first. */
export const siteFiles = rule<ReadStaticSite>("files/no-effect", ["files/**"], ({ files = [] }, report) => {
  for (const [i, file] of files.entries()) {
    if (!isGiven(file?.reinclude) || isGiven(file?.exclude)) continue;
    report(["files", i, "reinclude"], "`reinclude` has no effect without `exclude`", {
      hint: "all files are uploaded that `exclude` does not leave out",
      severity: "warning",
    });
  }
});

function isGiven(patterns: string | readonly (string | undefined)[] | undefined): boolean {
  return patterns !== undefined && patterns.length > 0;
}
