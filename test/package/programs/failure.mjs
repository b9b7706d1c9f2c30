// Prints the error of loading the addon.
try {
  const { backends } = await import('winwire');
  backends();
  console.log(JSON.stringify({ code: 'none' }));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}
