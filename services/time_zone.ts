/** IANA's own names of three letters; ICU knows others and reads them its way (IST as India, SST as the Solomons). */
const THREE_LETTERS = /^(?:CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/i;

/**
 * Whether `zone` is a time zone of the IANA database, in any case: `Europe/Berlin`, `UTC`, `Etc/GMT+5`.
 * Offsets (`+02:00`) are not zones, nor are abbreviations that only ICU knows (`PST`, `IST`).
 */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone) || /^SystemV\//i.test(zone)) return false;
  if (/^[A-Za-z]{3}$/.test(zone) && !THREE_LETTERS.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
