// use.mjs as a single executable with the addon as an asset.
import './unpack.mjs';
import './use.mjs';
