// What is used of isomorphic-git: the rest of it is left out of bundles.

export { addRemote, fetch, init } from 'isomorphic-git';
