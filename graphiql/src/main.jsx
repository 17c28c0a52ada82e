import "./monaco.js";

import "@fontsource/roboto/latin-400.css";
import "@fontsource/roboto/latin-500.css";
import "@fontsource/roboto/latin-700.css";
import "@fontsource/fira-code/latin-400.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "@graphiql/plugin-explorer/style.css";
import "./page.css";

// GraphiQL loads these on demand. Here they are part of the one bundle that every visit needs.
import "monaco-graphql/esm/monaco-editor.js";
import "monaco-graphql/esm/lite.js";

import { createRoot } from "react-dom/client";

import { App } from "./app.jsx";

createRoot(document.getElementById("page")).render(<App />);
