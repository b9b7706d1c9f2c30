// Prints the error with which the package fails to load, if it does.
try {
  await import('winwire/sys');
  console.log(JSON.stringify({ code: 'none' }));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}
