import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from "@graphiql/plugin-doc-explorer";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN, HistoryStore } from "@graphiql/plugin-history";
import { GraphiQLProvider } from "@graphiql/react";
import { GraphiQL, GraphiQLInterface } from "graphiql";
import { useMemo, useState } from "react";

import { EXAMPLES } from "./examples.js";
import { fetcherFor } from "./fetchers.js";
import { SessionBar } from "./session_bar.jsx";
import { editorStorage, keptToken, openTab } from "./stores.js";

// Made once: GraphiQL closes the open panel when it is handed another list.
const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN, explorerPlugin()];
const TABS = EXAMPLES.filter(({ atFirst }) => atFirst).map(({ query, variables = null }) => ({ query, variables }));
const OPEN_TAB = openTab(TABS);
const NEW_TAB = "# Ctrl-Enter runs, Ctrl-Space suggests, Shift-Ctrl-P tidies, F1 lists everything else.\n\n";

export function App() {
  const [token, setToken] = useState(keptToken.read);
  const fetcher = useMemo(() => fetcherFor(token), [token]);

  return (
    <GraphiQLProvider
      {...OPEN_TAB}
      defaultQuery={NEW_TAB}
      defaultTabs={TABS}
      fetcher={fetcher}
      inputValueDeprecation
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      schemaDescription
      storage={editorStorage}
    >
      <HistoryStore>
        <DocExplorerStore>
          <SessionBar fetcher={fetcher} token={token} onToken={setToken} />
          <GraphiQLInterface defaultEditorToolsVisibility showPersistHeadersSettings={false}>
            <GraphiQL.Logo>{null}</GraphiQL.Logo>
          </GraphiQLInterface>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
