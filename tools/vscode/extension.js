// Starts `reticle lsp` and leaves everything else to it.
"use strict";
const { window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const command = workspace.getConfiguration("reticle").get("command", "reticle");
  client = new LanguageClient(
    "reticle",
    "Reticle rules",
    { command, args: ["lsp"] },
    {
      documentSelector: [{ language: "reticle" }],
      // Modules that are not open belong to the program too.
      synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.rules") },
    },
  );
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(
      `\`${command} lsp\` does not start: ${error.message}. ` +
        "The setting reticle.command says where the command is.",
    );
  }
}

exports.activate = async (context) => {
  context.subscriptions.push(
    workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("reticle.command")) return;
      await client?.stop().catch(() => {});
      await start();
    }),
  );
  await start();
};

exports.deactivate = () => client?.stop();
