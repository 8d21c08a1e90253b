/** Where results go unless something else is said: a folder of this name below the working directory. */
export const REPORTS = 'cors-report';
