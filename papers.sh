#!/bin/sh
# For a double click: sets the program up at the first start, builds the papers, and opens the page that lists them.
# In a terminal, more words are targets and options, as after "forum-papers build".
cd "$(dirname "$0")" || exit 1

end() {
  if [ -t 0 ]; then
    printf 'Press Enter to close this window. '
    read -r _
  fi
  exit "$1"
}

failed() {
  printf '\n%s\n' "Nothing was opened. Correct what is named above, then start papers.sh again."
  end 1
}

python=
for each in python3.13 python3.12 python3.11 python3 python; do
  if "$each" install.py check >/dev/null 2>&1; then
    python=$each
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python: found none of the versions 3.11, 3.12 and 3.13; expected one of them. Install Python 3.13, then start" \
    "papers.sh again."
  failed
fi
"$python" install.py once || failed
.venv/bin/python scripts/forum_papers.py build "$@" || failed
if command -v open >/dev/null && [ "$(uname)" = Darwin ]; then
  open outputs/index.html
elif command -v xdg-open >/dev/null; then
  xdg-open outputs/index.html >/dev/null 2>&1
fi
end 0
