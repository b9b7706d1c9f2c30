/** `node --import winwire/register`: installs winwire by the environment, before the program starts. */
import { install } from './install/installation.ts';
import { installOptionsOf } from './install/register-options.ts';

install(installOptionsOf(process.env));
