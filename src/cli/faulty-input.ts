/** Thrown inside the shell where the user's input stops a command; `main` prints it and ends with status 2. */
export class FaultyInput extends Error {
  override readonly name = 'FaultyInput';
}
