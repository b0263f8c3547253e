// A theme of few files: pages are plain HTML, and public/site.js does what only a script can.
import Layout from "./Layout.vue";
import "../../../web/src/styles/tokens.css";
import "./frame.css";
import "./prose.css";

export default { Layout };
