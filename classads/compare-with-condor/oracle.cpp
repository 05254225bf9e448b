// Answers expressions with HTCondor's own library: one a line on stdin, with \n, \r, \t and \\ escaped, after a letter that
// says whether its strings are in new (n) or old (o) syntax. Each answer is a line of fields separated by tabs: ok or error, the
// expression in new and long form, the value's type, and the value in new and long form.
// The letters A, L, J and X ask for an ad in new, long, JSON or XML form instead; the answer is the ad in long form, new, JSON and XML.
#include "classad/classad_distribution.h"
#include "classad/jsonSink.h"
#include "classad/jsonSource.h"
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
using namespace std;
using namespace classad;

extern void ClassAdReconfig();
extern bool InsertLongFormAttrValue(classad::ClassAd &ad, const char *line, bool use_cache);
extern bool initAdFromString(char const *str, classad::ClassAd &ad);
extern bool sPrintAdWithSecrets(string &, const ClassAd &, const References *, const References *);
extern bool EvalExprTree(ExprTree *expr, ClassAd *source, ClassAd *target, Value &result, Value::ValueType mask,
                         const string &sourceAlias, const string &targetAlias);

static string unescape(const string &s) {
	string out;
	for (size_t i = 0; i < s.size(); i++) {
		if (s[i] == '\\' && i + 1 < s.size()) {
			char c = s[++i];
			out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
		} else {
			out += s[i];
		}
	}
	return out;
}

static string escape(const string &s) {
	string out;
	for (char c : s) {
		if (c == '\\') out += "\\\\";
		else if (c == '\n') out += "\\n";
		else if (c == '\t') out += "\\t";
		else if (c == '\r') out += "\\r";
		else out += c;
	}
	return out;
}

static const char *type(const Value &v) {
	switch (v.GetType()) {
		case Value::UNDEFINED_VALUE: return "undefined";
		case Value::ERROR_VALUE: return "error";
		case Value::BOOLEAN_VALUE: return "boolean";
		case Value::INTEGER_VALUE: return "integer";
		case Value::REAL_VALUE: return "real";
		case Value::STRING_VALUE: return "string";
		case Value::ABSOLUTE_TIME_VALUE: return "abstime";
		case Value::RELATIVE_TIME_VALUE: return "reltime";
		case Value::LIST_VALUE:
		case Value::SLIST_VALUE: return "list";
		case Value::CLASSAD_VALUE:
		case Value::SCLASSAD_VALUE: return "classad";
		default: return "?";
	}
}

static ClassAd *load(const char *file) {
	ClassAd *ad = new ClassAd;
	ifstream in(file);
	string line;
	while (getline(in, line)) InsertLongFormAttrValue(*ad, line.c_str(), false);
	return ad;
}

template <class T> static string in_new(const T &x) { string s; ClassAdUnParser u; u.Unparse(s, x); return s; }
template <class T> static string in_long(const T &x) { string s; ClassAdUnParser u; u.SetOldClassAd(true, true); u.Unparse(s, x); return s; }

static bool parse(char form, const string &text, ClassAd &ad) {
	switch (form) {
		case 'A': { ClassAdParser p; return p.ParseClassAd(text, ad, true); }
		case 'L': return initAdFromString(text.c_str(), ad);
		case 'J': { ClassAdJsonParser p; return p.ParseClassAd(text, ad, true); }
		default: { ClassAdXMLParser p; return p.ParseClassAd(text, ad); }
	}
}

static void answer_ad(char form, const string &text) {
	ClassAd ad;
	if (!parse(form, text, ad)) {
		puts("error\t\t\t\t");
		return;
	}
	string l, j, x;
	sPrintAdWithSecrets(l, ad, nullptr, nullptr);
	ClassAdJsonUnParser ju;
	ju.Unparse(j, &ad);
	ClassAdXMLUnParser xu;
	xu.SetCompactSpacing(true);
	xu.Unparse(x, &ad);
	printf("ok\t%s\t%s\t%s\t%s\n", escape(l).c_str(), escape(in_new((const ExprTree *)&ad)).c_str(), escape(j).c_str(), escape(x).c_str());
}

int main(int argc, char **argv) {
	ClassAdReconfig();
	if (argc > 3 && string(argv[3]) == "strict") SetOldClassAdSemantics(false);
	ClassAd *ad = load(argv[1]);
	ClassAd *target = load(argv[2]);
	string line;
	while (getline(cin, line)) {
		if (strchr("ALJX", line[0])) {
			answer_ad(line[0], unescape(line.substr(1)));
			fflush(stdout);
			continue;
		}
		bool matched = line[0] == 'N' || line[0] == 'O';
		string text = unescape(line.substr(1));
		ClassAdParser p;
		p.SetOldClassAd(line[0] == 'o' || line[0] == 'O');
		ExprTree *e = p.ParseExpression(text, true);
		if (!e) {
			puts("error\t\t\t\t\t");
		} else {
			Value v;
			bool ok = EvalExprTree(e, ad, matched ? target : nullptr, v, Value::SAFE_VALUES, "", "");
			string n = in_new((const ExprTree *)e), l = in_long((const ExprTree *)e);
			if (!ok) v.SetErrorValue();
			printf("ok\t%s\t%s\t%s\t%s\t%s\n", escape(n).c_str(), escape(l).c_str(), type(v), escape(in_new(v)).c_str(),
			       escape(in_long(v)).c_str());
			delete e;
		}
		fflush(stdout);
	}
	return 0;
}
