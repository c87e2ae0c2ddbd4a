/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * HotSpot's view of the Java Native Interface: each function has a probe for its call, with
 * the parameters that the specification names, and one for its return, with the result.
 * Floating-point values and variable arguments are not passed.
 */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define ARGS CATALOGUE_ARGUMENTS
#define PTR(name) ARG(name, "void *")
#define TEXT(name) ARG(name, "const char *")
#define NUM(name) ARG(name, "jint")
#define LENGTH(name) ARG(name, "jsize")
#define ENV ARG("env", "JNIEnv *")
#define OBJECT(name) ARG(name, "jobject")
#define CLASS(name) ARG(name, "jclass")
#define STRING(name) ARG(name, "jstring")
#define ARRAY(name) ARG(name, "jarray")
#define METHOD ARG("methodID", "jmethodID")
#define FIELD ARG("fieldID", "jfieldID")
#define COPY ARG("isCopy", "jboolean *")

#define CALL(name, meaning, arguments) ROW(name, meaning, "6", "", arguments)
#define ENTRY(function, ...)                                                             \
	CALL(#function "__entry", "native code calls " #function, ARGS(__VA_ARGS__))
#define RETURN(function, type)                                                           \
	CALL(#function "__return", #function " returns", ARGS(ARG("result", type)))
#define DONE(function) CALL(#function "__return", #function " returns", "")
/* A return that some paths pass as an unsigned value. */
#define RETURN_CODE(function)                                                            \
	RETURN(function, "jint")                                                         \
	CALL(#function "__return", #function " returns",                                 \
	    ARGS(NOTED("result", "jint", "unsigned int")))
#define FUNCTION(name, result, ...) ENTRY(name, __VA_ARGS__) RETURN(name, result)
#define PROCEDURE(name, ...) ENTRY(name, __VA_ARGS__) DONE(name)

/* Call<Type>Method in its three forms, for an object, a class, and past overriding */
#define CALLS(type, back)                                                                \
	ENTRY(Call##type##Method, ENV, OBJECT("obj"), METHOD)                            \
	back(Call##type##Method)                                                         \
	ENTRY(Call##type##MethodV, ENV, OBJECT("obj"), METHOD)                           \
	back(Call##type##MethodV)                                                        \
	ENTRY(Call##type##MethodA, ENV, OBJECT("obj"), METHOD)                           \
	back(Call##type##MethodA)                                                        \
	ENTRY(CallStatic##type##Method, ENV, CLASS("clazz"), METHOD)                     \
	back(CallStatic##type##Method)                                                   \
	ENTRY(CallStatic##type##MethodV, ENV, CLASS("clazz"), METHOD)                    \
	back(CallStatic##type##MethodV)                                                  \
	ENTRY(CallStatic##type##MethodA, ENV, CLASS("clazz"), METHOD)                    \
	back(CallStatic##type##MethodA)                                                  \
	ENTRY(CallNonvirtual##type##Method, ENV, OBJECT("obj"), CLASS("clazz"), METHOD)  \
	back(CallNonvirtual##type##Method)                                               \
	ENTRY(CallNonvirtual##type##MethodV, ENV, OBJECT("obj"), CLASS("clazz"), METHOD) \
	back(CallNonvirtual##type##MethodV)                                              \
	ENTRY(CallNonvirtual##type##MethodA, ENV, OBJECT("obj"), CLASS("clazz"), METHOD) \
	back(CallNonvirtual##type##MethodA)

#define GETS(type, back)                                                                 \
	ENTRY(Get##type##Field, ENV, OBJECT("obj"), FIELD) back(Get##type##Field)        \
	ENTRY(GetStatic##type##Field, ENV, CLASS("clazz"), FIELD)                        \
	back(GetStatic##type##Field)

#define SETS(type, ...)                                                                  \
	PROCEDURE(Set##type##Field, ENV, OBJECT("obj"), FIELD __VA_ARGS__)               \
	PROCEDURE(SetStatic##type##Field, ENV, CLASS("clazz"), FIELD __VA_ARGS__)

#define ARRAYS(type)                                                                     \
	FUNCTION(New##type##Array, "jarray", ENV, LENGTH("length"))                      \
	FUNCTION(Get##type##ArrayElements, "void *", ENV, ARRAY("array"), COPY)          \
	PROCEDURE(Release##type##ArrayElements, ENV, ARRAY("array"), PTR("elems"),       \
	          NUM("mode"))                                                           \
	PROCEDURE(Get##type##ArrayRegion, ENV, ARRAY("array"), LENGTH("start"),          \
	          LENGTH("len"), PTR("buf"))                                             \
	PROCEDURE(Set##type##ArrayRegion, ENV, ARRAY("array"), LENGTH("start"),          \
	          LENGTH("len"), PTR("buf"))

#define BACK_OBJECT(name) RETURN(name, "jobject")
#define BACK_BOOLEAN(name) RETURN(name, "jboolean")
#define BACK_BYTE(name) RETURN(name, "jbyte")
#define BACK_CHAR(name) RETURN(name, "jchar")
#define BACK_SHORT(name) RETURN(name, "jshort")
#define BACK_INT(name) RETURN(name, "jint")
#define BACK_LONG(name) RETURN(name, "jlong")

static const char rows[] =
	CALLS(Object, BACK_OBJECT)
	CALLS(Boolean, BACK_BOOLEAN)
	CALLS(Byte, BACK_BYTE)
	CALLS(Char, BACK_CHAR)
	CALLS(Short, BACK_SHORT)
	CALLS(Int, BACK_INT)
	CALLS(Long, BACK_LONG)
	CALLS(Float, DONE)
	CALLS(Double, DONE)
	CALLS(Void, DONE)
	GETS(Object, BACK_OBJECT)
	GETS(Boolean, BACK_BOOLEAN)
	GETS(Byte, BACK_BYTE)
	GETS(Char, BACK_CHAR)
	GETS(Short, BACK_SHORT)
	GETS(Int, BACK_INT)
	GETS(Long, BACK_LONG)
	GETS(Float, DONE)
	GETS(Double, DONE)
	SETS(Object, , OBJECT("value"))
	SETS(Boolean, , ARG("value", "jboolean"))
	SETS(Byte, , ARG("value", "jbyte"))
	SETS(Char, , ARG("value", "jchar"))
	SETS(Short, , ARG("value", "jshort"))
	SETS(Int, , ARG("value", "jint"))
	SETS(Long, , ARG("value", "jlong"))
	SETS(Float, )
	SETS(Double, )
	ARRAYS(Boolean)
	ARRAYS(Byte)
	ARRAYS(Char)
	ARRAYS(Short)
	ARRAYS(Int)
	ARRAYS(Long)
	ARRAYS(Float)
	ARRAYS(Double)
	FUNCTION(NewObjectArray, "jarray", ENV, LENGTH("length"), CLASS("elementClass"),
	         OBJECT("initialElement"))
	FUNCTION(GetObjectArrayElement, "jobject", ENV, ARRAY("array"), LENGTH("index"))
	PROCEDURE(SetObjectArrayElement, ENV, ARRAY("array"), LENGTH("index"), OBJECT("value"))
	FUNCTION(GetArrayLength, "jsize", ENV, ARRAY("array"))
	FUNCTION(GetPrimitiveArrayCritical, "void *", ENV, ARRAY("array"), COPY)
	PROCEDURE(ReleasePrimitiveArrayCritical, ENV, ARRAY("array"), PTR("carray"),
	          NUM("mode"))
	FUNCTION(AllocObject, "jobject", ENV, CLASS("clazz"))
	FUNCTION(NewObject, "jobject", ENV, CLASS("clazz"), METHOD)
	FUNCTION(NewObjectA, "jobject", ENV, CLASS("clazz"), METHOD)
	FUNCTION(NewObjectV, "jobject", ENV, CLASS("clazz"), METHOD)
	FUNCTION(GetObjectClass, "jclass", ENV, OBJECT("obj"))
	FUNCTION(GetObjectRefType, "jobjectRefType", ENV, OBJECT("obj"))
	CALL("GetObjectRefType__return", "GetObjectRefType returns",
	    ARGS(NOTED("result", "jobjectRefType", "uintptr_t")))
	FUNCTION(IsInstanceOf, "jboolean", ENV, OBJECT("obj"), CLASS("clazz"))
	FUNCTION(IsSameObject, "jboolean", ENV, OBJECT("ref1"), OBJECT("ref2"))
	FUNCTION(IsAssignableFrom, "jboolean", ENV, CLASS("clazz1"), CLASS("clazz2"))
	FUNCTION(DefineClass, "jclass", ENV, TEXT("name"), OBJECT("loader"), PTR("buf"),
	         LENGTH("bufLen"))
	FUNCTION(FindClass, "jclass", ENV, TEXT("name"))
	FUNCTION(GetSuperclass, "jclass", ENV, CLASS("clazz"))
	FUNCTION(GetFieldID, "jfieldID", ENV, CLASS("clazz"), TEXT("name"), TEXT("sig"))
	FUNCTION(GetMethodID, "jmethodID", ENV, CLASS("clazz"), TEXT("name"), TEXT("sig"))
	FUNCTION(GetStaticFieldID, "jfieldID", ENV, CLASS("clazz"), TEXT("name"), TEXT("sig"))
	FUNCTION(GetStaticMethodID, "jmethodID", ENV, CLASS("clazz"), TEXT("name"), TEXT("sig"))
	FUNCTION(FromReflectedField, "jfieldID", ENV, OBJECT("field"))
	FUNCTION(FromReflectedMethod, "jmethodID", ENV, OBJECT("method"))
	FUNCTION(ToReflectedField, "jobject", ENV, CLASS("clazz"), FIELD,
	         ARG("isStatic", "jboolean"))
	FUNCTION(ToReflectedMethod, "jobject", ENV, CLASS("clazz"), METHOD,
	         ARG("isStatic", "jboolean"))
	FUNCTION(Throw, "jint", ENV, ARG("obj", "jthrowable"))
	FUNCTION(ThrowNew, "jint", ENV, CLASS("clazz"), TEXT("message"))
	FUNCTION(ExceptionOccurred, "jthrowable", ENV)
	FUNCTION(ExceptionCheck, "jboolean", ENV)
	PROCEDURE(ExceptionClear, ENV)
	PROCEDURE(ExceptionDescribe, ENV)
	ENTRY(FatalError, ENV, TEXT("msg"))
	FUNCTION(NewGlobalRef, "jobject", ENV, OBJECT("obj"))
	FUNCTION(NewLocalRef, "jobject", ENV, OBJECT("ref"))
	FUNCTION(NewWeakGlobalRef, "jweak", ENV, OBJECT("obj"))
	PROCEDURE(DeleteGlobalRef, ENV, OBJECT("globalRef"))
	PROCEDURE(DeleteLocalRef, ENV, OBJECT("localRef"))
	PROCEDURE(DeleteWeakGlobalRef, ENV, ARG("obj", "jweak"))
	FUNCTION(EnsureLocalCapacity, "jint", ENV, NUM("capacity"))
	ENTRY(PushLocalFrame, ENV, NUM("capacity"))
	RETURN_CODE(PushLocalFrame)
	FUNCTION(PopLocalFrame, "jobject", ENV, OBJECT("result"))
	FUNCTION(NewString, "jstring", ENV, ARG("unicodeChars", "const jchar *"), LENGTH("len"))
	FUNCTION(NewStringUTF, "jstring", ENV, TEXT("bytes"))
	FUNCTION(GetStringLength, "jsize", ENV, STRING("string"))
	FUNCTION(GetStringUTFLength, "jsize", ENV, STRING("string"))
	FUNCTION(GetStringChars, "const jchar *", ENV, STRING("string"), COPY)
	FUNCTION(GetStringUTFChars, "const char *", ENV, STRING("string"), COPY)
	FUNCTION(GetStringCritical, "const jchar *", ENV, STRING("string"), COPY)
	PROCEDURE(ReleaseStringChars, ENV, STRING("string"), ARG("chars", "const jchar *"))
	PROCEDURE(ReleaseStringUTFChars, ENV, STRING("string"), TEXT("utf"))
	PROCEDURE(ReleaseStringCritical, ENV, STRING("string"), ARG("carray", "const jchar *"))
	PROCEDURE(GetStringRegion, ENV, STRING("str"), LENGTH("start"), LENGTH("len"),
	          PTR("buf"))
	PROCEDURE(GetStringUTFRegion, ENV, STRING("str"), LENGTH("start"), LENGTH("len"),
	          PTR("buf"))
	FUNCTION(MonitorEnter, "jint", ENV, OBJECT("obj"))
	FUNCTION(MonitorExit, "jint", ENV, OBJECT("obj"))
	FUNCTION(RegisterNatives, "jint", ENV, CLASS("clazz"), PTR("methods"), NUM("nMethods"))
	FUNCTION(UnregisterNatives, "jint", ENV, CLASS("clazz"))
	FUNCTION(NewDirectByteBuffer, "jobject", ENV, PTR("address"), ARG("capacity", "jlong"))
	CALL("NewDirectByteBuffer__return", "NewDirectByteBuffer returns",
	    ARGS(NOTED("result", "jobject", "intptr_t")))
	FUNCTION(GetDirectBufferAddress, "void *", ENV, OBJECT("buf"))
	FUNCTION(GetDirectBufferCapacity, "jlong", ENV, OBJECT("buf"))
	FUNCTION(GetVersion, "jint", ENV)
	FUNCTION(GetJavaVM, "jint", ENV, ARG("vm", "JavaVM **"))
	FUNCTION(GetEnv, "jint", ARG("vm", "JavaVM *"), ARG("env", "void **"), NUM("version"))
	FUNCTION(GetDefaultJavaVMInitArgs, "jint", PTR("vm_args"))
	FUNCTION(GetCreatedJavaVMs, "jint", ARG("vmBuf", "JavaVM **"), LENGTH("bufLen"),
	         ARG("nVMs", "jsize *"))
	FUNCTION(CreateJavaVM, "jint", ARG("p_vm", "JavaVM **"), ARG("p_env", "void **"),
	         PTR("vm_args"))
	FUNCTION(DestroyJavaVM, "jint", ARG("vm", "JavaVM *"))
	ENTRY(AttachCurrentThread, ARG("vm", "JavaVM *"), ARG("p_env", "void **"), PTR("thr_args"))
	RETURN_CODE(AttachCurrentThread)
	ENTRY(AttachCurrentThreadAsDaemon, ARG("vm", "JavaVM *"), ARG("p_env", "void **"),
	      PTR("thr_args"))
	RETURN_CODE(AttachCurrentThreadAsDaemon)
	ENTRY(DetachCurrentThread, ARG("vm", "JavaVM *"))
	RETURN_CODE(DetachCurrentThread);
/* clang-format on */

const struct catalogue_provider catalogue_hotspot_jni = {
	.name = "hotspot_jni",
	.source =
		"https://docs.oracle.com/en/java/javase/17/docs/specs/jni/functions.html",
	.rows = { rows, sizeof(rows) - 1 },
};
