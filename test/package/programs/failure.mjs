// Prints the error with which the addon fails to load, if it does.
try {
  const { backends } = await import('winwire');
  backends();
  console.log(JSON.stringify({ code: 'none' }));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}
