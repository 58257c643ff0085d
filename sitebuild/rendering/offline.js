// Makes a page work that is opened from disk. There, browsers neither fetch files nor load modules,
// but they load scripts. So this script holds the text of all modules, and each data file is one.
(() => {
  const modules = "MODULES";
  const root = new URL("..", document.currentScript.src);
  const wanted = (document.currentScript.dataset.modules ?? "").split(" ").filter(Boolean);
  const addresses = new Map();

  // The address of a module, whose own imports lead to such addresses too.
  function addressOf(path) {
    if (!addresses.has(path)) {
      const here = new URL(path, root);
      const text = modules[path]
        .replace(/(\b(?:from|import)\s*\(?\s*)"(\.[^"]+)"/g, (all, before, name) => {
          const other = new URL(name, here).href.slice(root.href.length);
          return other in modules ? `${before}"${addressOf(other)}"` : all;
        })
        .replaceAll("import.meta.url", JSON.stringify(here.href));
      const blob = new Blob([text], { type: "text/javascript" });
      addresses.set(path, URL.createObjectURL(blob));
    }
    return addresses.get(path);
  }

  const { fetch } = window;
  window.fetch = (resource, options) => {
    const url = new URL(resource instanceof Request ? resource.url : resource, document.baseURI);
    if (!url.pathname.endsWith(".json")) return fetch(resource, options);
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${url.href}.js`;
      script.onload = () => {
        script.remove();
        resolve(new Response(window.offlineFile.replaceAll("OFFLINE_ROOT/", root.href)));
      };
      script.onerror = () => reject(new TypeError(`${script.src} is missing`));
      document.head.append(script);
    });
  };

  addEventListener("DOMContentLoaded", () => {
    for (const path of wanted) import(addressOf(path));
  });
})();
