// use.mjs as a single executable, which has the addon as an asset.
import './unpack.mjs';
import './use.mjs';
