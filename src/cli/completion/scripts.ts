/** What each shell is told to do when Tab is pressed: it asks the hidden command `__complete` with the words up to the
 *  cursor, and gets one candidate a line, `word` or `word<TAB>description`; the line `:files` asks for files as well. */
export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];

export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for pilotfish. In ~/.bashrc:  source <(pilotfish completion bash)
_pilotfish() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      continue
    fi
    line="\${line%%$'\\t'*}"
    if [[ $line == *[[:space:]]* && $current != [\\"\\']* ]]; then
      printf -v line '%q' "$line"
    fi
    COMPREPLY+=("$line")
  done < <(pilotfish __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _pilotfish pilotfish pf
`,
  zsh: `#compdef pilotfish pf
# zsh completion for pilotfish. In ~/.zshrc, after compinit:  source <(pilotfish completion zsh)
_pilotfish() {
  local line word about files=0
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      files=1
      continue
    fi
    word="\${line%%$'\\t'*}" about=""
    [[ $line == *$'\\t'* ]] && about="\${line#*$'\\t'}"
    candidates+=("\${word//:/\\\\:}\${about:+:$about}")
  done < <(pilotfish __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( \${#candidates} )) && _describe 'pilotfish' candidates
  (( files )) && _files
}
if [[ "\${funcstack[1]}" == _pilotfish ]]; then
  _pilotfish "$@"
else
  compdef _pilotfish pilotfish pf
fi
`,
  fish: `# fish completion for pilotfish. In ~/.config/fish/config.fish:  pilotfish completion fish | source
function __pilotfish_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set --erase words[1]
  for line in (pilotfish __complete $words "$current" 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path "$current"
    else
      printf '%s\\n' $line
    end
  end
end
for program in pilotfish pf
  complete --command $program --no-files --arguments '(__pilotfish_complete)'
end
`,
};
