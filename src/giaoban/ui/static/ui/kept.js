// What this browser keeps for a time without a line belongs to one account: when it signs out, or another signs in, the
// kept pages go, and so do figures that were only remembered. What was typed and never sent stays, unshown, until its
// own account is back: nothing typed is lost, and nothing is sent in another's name.
const ENTRY = "giaoban-entry";

export async function forgetOthers(account) {
  try {
    if (window.caches) await forgetPages(account);
    const names = (await indexedDB.databases?.()) ?? [];
    if (names.some(({ name }) => name === ENTRY)) forgetFigures(account);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

async function forgetPages(account) {
  for (const name of await caches.keys())
    if (name.startsWith("kept-") && name !== "kept-shell" && name !== `kept-${account}`) await caches.delete(name);
}

function forgetFigures(account) {
  const opening = indexedDB.open(ENTRY);
  opening.onsuccess = () => {
    const writing = opening.result.transaction("cells", "readwrite");
    writing.oncomplete = () => opening.result.close();
    writing.objectStore("cells").openCursor().onsuccess = ({ target: { result: row } }) => {
      if (!row) return;
      if (row.key[0] !== account && row.value.mine === null) row.delete();
      row.continue();
    };
  };
}
