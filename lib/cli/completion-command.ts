/** `winwire completion SHELL`: a script that completes commands, options and their values. */
import { Argument, type Command } from 'commander';
import { addExamples } from './help.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export function addCompletionCommand(program: Command): void {
  const command = program
    .command('completion')
    .summary('print a script that makes a shell complete commands and options')
    .description('Prints a script for a shell, which then completes commands, options and their values.')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { completionScript } = await import('./completion/completion-script.ts');
      process.stdout.write(completionScript(program, shell));
    });
  addExamples(command, [
    ['source <(winwire completion bash)', 'in ~/.bashrc; the same with zsh in ~/.zshrc, after compinit'],
    ['winwire completion fish > ~/.config/fish/completions/winwire.fish', 'fish'],
    ['winwire completion powershell | Out-String | Invoke-Expression', 'in the profile of PowerShell'],
  ]);
}
