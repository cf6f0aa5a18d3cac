// Renders away from the page, so that typing never waits for it.

export {};
