// Styles as build-ui.js makes them: a class's name in the file → its name in the page.

declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}

declare module 'all-styles';
