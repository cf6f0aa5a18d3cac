// Refuses a Node that cannot run this project, before a test fails for reasons that have nothing to do with it.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  throw new Error(
    `hawser's tests need Node 22.19 or newer, this is ${process.version}. Run them with npm test, which uses the Node that npm ci installed.`,
  );
}
