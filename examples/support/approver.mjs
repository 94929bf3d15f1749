/** The program that the examples ask for a code: it prints an approver and the code of their device. */
const answer = await fetch(process.argv[2]);
process.stdout.write(await answer.text());
