/** Files as real exports leave them, each under what is awkward about it. All have a header of two names. */
export const awkwardFiles: Readonly<Record<string, string>> = {
  plain: 'a,b\n1,2\n3,4\n',
  'no final newline': 'a,b\n1,2\n3,4',
  'header only': 'a,b\n',
  'header only, no newline': 'a,b',
  'byte order mark': '\ufeffa,b\n1,2\n',
  'byte order mark and quoted header': '\ufeff"a","b\nb"\n1,2\n',
  'second byte order mark is text': 'a,b\n\ufeff1,2\n',
  'carriage returns': 'a,b\r\n1,2\r\n"3\r\n3",4\r\n',
  'mixed line ends': 'a,b\r\n1,2\n3,4\r\n\n\r\n5,6\n',
  'lone carriage returns': 'a,b\n1\r1,\r2\r\n\r3,4\n5,6\r',
  'blank lines': '\n\r\na,b\n\n\n1,2\n\r\n\r\n3,4\n\n',
  'quoted newlines': 'a,b\n"1\n\n1",2\n3,"4\r\n4\n"\n',
  'quoted delimiters': 'a,b\n",1,",","\n',
  'doubled quotes': 'a,b\n"""",""""""\n"a""b","""\n"""\n',
  'empty quoted': 'a,b\n"",""\n"",\n,""\n',
  'empty fields': 'a,b\n,\n1,\n,2\n',
  'quotes inside unquoted': 'a,b\n1"1,2"\n5" pipe,6"" pipe\n',
  'quoted and unquoted': 'a,b\n"1",2\n3,"4"\n',
  'astral characters': 'a,b\n"😀\n😀",é\n€,"日,本"\n',
  'a record longer than the rest': `a,b\n1,2\n"${'x\n,""'.repeat(20)}",3\n4,5\n`,
  'one huge line': `a,b\n${'y'.repeat(300)},${'z'.repeat(100)}\n`,
}

/** Files that no library accepts as they are; each record of them must still be found, or named. */
export const brokenFiles: Readonly<Record<string, string>> = {
  'stray quote': 'a,b\n"1"x,2\n"3" ,"4\n4"\n5,6\n',
  'carriage return after a quote': 'a,b\n"1"\rx,2\n"3"\r\n',
  'ragged rows': 'a,b\n1\n1,2,3\n"1\n",2,3\n4,5\n',
  'unterminated quote': 'a,b\n1,2\n"3,4\n5,6\n7,8',
  'unterminated quote at the end': 'a,b\n1,"',
  'invalid UTF-8': 'a,b\n1,\u0001\n',
}
